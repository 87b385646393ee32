import { DescriptionList, type DescriptionListProps } from '@liberacces/sdk/ui'
import { phoneUri } from '../contact.ts'

/** An e-mail address that opens the reader's mail. */
export function EmailLink({ email }: { readonly email: string }) {
  return <a href={`mailto:${email}`}>{email}</a>
}

/** A telephone number that can be dialled. */
export function PhoneLink({ phone }: { readonly phone: string }) {
  return <a href={phoneUri(phone)}>{phone}</a>
}

/** Text of several lines as it was typed. */
export function Lines({ text }: { readonly text: string }) {
  return <>{text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [<br key={index} />, line]))}</>
}

/** Facts, or nothing where there are none: an empty list would be read out. */
export function Facts({ items }: DescriptionListProps) {
  return items.length === 0 ? null : <DescriptionList items={items} />
}
