import { HouseholdChanged } from '@liberacces/plugin-families/contract'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { CampaignDrafting, CampaignTelling, DebitsAnnouncing } from '../contract.ts'
import { announceDebits } from './campaign/announce-debits.ts'
import { draftSlice } from './campaign/draft-slice.ts'
import { registerCaf } from '../caf/caf-pages.tsx'
import { linkAccounts } from './link-accounts.ts'
import { tellSlice } from './campaign/tell-slice.ts'
import { registerCampaignPages } from './pages/campaign-pages.tsx'
import { registerCollectingPages } from './pages/collecting-pages.tsx'
import { registerCollections } from './pages/collection-pages.tsx'
import { registerExports } from './pages/exports.ts'
import { registerFamilyPages } from './pages/family-pages.tsx'
import { registerInvoicePages } from './pages/invoice-pages.tsx'
import { registerFamilyPrices } from './pages/family-price-pages.tsx'
import { registerTariffImport } from './pages/tariff-import-pages.tsx'
import { registerTariffPages } from './pages/tariff-pages.tsx'

/** Pages, routes and jobs of the area billing. */
export function registerBilling(k: CanteenRegistrar): void {
  registerCampaignPages(k)
  registerInvoicePages(k)
  registerCollectingPages(k)
  registerCollections(k)
  registerTariffImport(k)
  registerFamilyPrices(k)
  registerTariffPages(k)
  registerExports(k)
  registerCaf(k)
  registerFamilyPages(k)
  k.on(CampaignDrafting, async (c, { data }) => { await draftSlice(c, data.campaignId) }, { timeoutMs: 60_000 })
  k.on(HouseholdChanged, (c, { data }) => linkAccounts(c, data.householdId), { id: 'link-accounts' })
  k.on(CampaignTelling, async (c, { data }) => { await tellSlice(c, data.campaignId) }, { timeoutMs: 60_000 })
  k.on(DebitsAnnouncing, async (c, { data }) => { await announceDebits(c, data.collectionId) }, { timeoutMs: 60_000 })
}
