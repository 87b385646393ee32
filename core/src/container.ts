// tsyringe reads this metadata when it loads, whether or not anyone decorates anything.
import 'reflect-metadata'
import { container as root, instancePerContainerCachingFactory, type DependencyContainer } from 'tsyringe'

/** A typed name for one of the kernel's services. */
export interface Token<Service> {
  readonly name: symbol
  /** Never set: it carries the type. */
  readonly __service?: Service
}

/** Makes a token. Two of the same name are still two. */
export function token<Service>(name: string): Token<Service> {
  return { name: Symbol(name) }
}

/**
 * The kernel's services, made once each when first asked for, so that the order in which they are listed says nothing.
 * It resolves and no more: lifetimes belong to scopes (ADR 0002).
 */
export class Container {
  readonly #container: DependencyContainer = root.createChildContainer()
  /** What was asked for before: services are asked for in the course of each call, and resolving takes ten times a look-up. */
  readonly #made = new Map<symbol, unknown>()

  /** Says how a service is made. */
  provide<Service>(name: Token<Service>, make: (services: Container) => Service): this {
    this.#made.delete(name.name)
    this.#container.register(name.name, { useFactory: instancePerContainerCachingFactory(() => make(this)) })
    return this
  }

  /** Gives a service that exists already. */
  set<Service>(name: Token<Service>, service: Service): this {
    this.#made.delete(name.name)
    this.#container.register(name.name, { useValue: service })
    return this
  }

  /** The service where it can be had already; one that is {@link set} later is not there before. */
  find<Service>(name: Token<Service>): Service | undefined {
    return this.#made.has(name.name) || this.#container.isRegistered(name.name) ? this.get(name) : undefined
  }

  get<Service>(name: Token<Service>): Service {
    const known = this.#made.get(name.name)
    if (known !== undefined) return known as Service
    const service = this.#container.resolve<Service>(name.name)
    this.#made.set(name.name, service)
    return service
  }
}
