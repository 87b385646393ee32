import type { JSX } from 'preact'
import { Badge, type BadgeProps } from './badge.tsx'

/** A person or thing of a list that is gone through. */
export interface RollItem {
  /** Becomes the id of its element. */
  readonly id: string
  readonly name: string
  /** Where more is said of it, and corrected. */
  readonly href?: string
  /** A few words after the name, such as a class. */
  readonly detail?: string
  /** Where it stands. */
  readonly state?: { readonly kind?: BadgeProps['kind']; readonly text: string }
  /** What must not be overlooked. */
  readonly alert?: string
  /** For a script of the page: what it must know of it, unseen. */
  readonly value?: string
  /** Buttons of the form around. `pressed`: that is what holds now; left out for deeds that nothing holds of. */
  readonly actions: readonly { readonly label: string; readonly name: string; readonly value: string; readonly pressed?: boolean }[]
}

/** A list that is gone through by tapping, each with large buttons. */
export interface RollProps {
  /** Names the list for screen readers. */
  readonly label: string
  readonly items: readonly RollItem[]
}

/** A list that is gone through by tapping, for tablets: stand it in a `<Form>`, whose buttons these are. */
export function Roll({ label, items }: RollProps): JSX.Element {
  return (
    <ul class="la-roll" aria-label={label}>
      {items.map(({ id, name, href, detail, state, alert, value, actions }) => (
        <li key={id} id={id} class="la-roll-item" tabIndex={-1}>
          {value !== undefined && <data class="la-roll-value" value={value} hidden />}
          <div class="la-roll-who">
            <strong class="la-roll-name">{href === undefined ? name : <a href={href}>{name}</a>}</strong>
            {detail !== undefined && <span class="la-roll-detail"> {detail}</span>}
            <span class="la-roll-state">{state !== undefined && <Badge {...(state.kind === undefined ? {} : { kind: state.kind })}>{state.text}</Badge>}</span>
            {alert !== undefined && <span class="la-roll-alert">{alert}</span>}
          </div>
          <div class="la-roll-actions">
            {actions.map((action) => (
              <button key={action.value} type="submit" class="la-button" name={action.name} value={action.value} {...(action.pressed === undefined ? {} : { 'aria-pressed': action.pressed })}>
                {action.label}<span class="la-hidden-text"> {name}</span>
              </button>
            ))}
          </div>
        </li>
      ))}
    </ul>
  )
}
