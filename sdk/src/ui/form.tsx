import type { ComponentChildren, JSX } from 'preact'
import { useReader } from './reader.ts'

/** Name of the hidden field by which a form proves that it comes from our own page. */
export const CSRF_FIELD = '_csrf'

/** A form. */
export interface FormProps {
  /** Address it is sent to; empty for the page's own. */
  readonly action: string
  /** @defaultValue `'post'` */
  readonly method?: 'post' | 'get'
  /** Whether it carries files. */
  readonly multipart?: boolean
  readonly children?: ComponentChildren
}

/** A form that carries the token against forged requests. Checks are made by the server, so the browser's own are off. */
export function Form({ action, method = 'post', multipart = false, children }: FormProps): JSX.Element {
  const { csrfToken } = useReader()
  return (
    <form class="la-form" method={method} noValidate {...(action === '' ? {} : { action })} {...(multipart ? { encType: 'multipart/form-data' } : {})}>
      {method === 'post' && <input type="hidden" name={CSRF_FIELD} value={csrfToken} />}
      {children}
    </form>
  )
}
