/** Someone of the household that goes, and who that is in the one that stays; `undefined` where the person joins it. */
export interface Match<Row> { readonly from: Row; readonly to: Row | undefined }
