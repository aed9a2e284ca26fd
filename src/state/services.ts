// What capabilities let the page do, each under a key that only its own service fits.

/** Names a service and its type. */
export interface ServiceKey<Service> {
  readonly id: string
  /** Never called: it ties the key to its type. */
  readonly type?: (service: Service) => Service
}

export function service<Service>(id: string): ServiceKey<Service> {
  return { id }
}

export interface Services {
  /** Throws where the service was not started. */
  get<Service>(key: ServiceKey<Service>): Service
}

export interface ServiceRegister extends Services {
  provide<Service>(key: ServiceKey<Service>, service: Service): void
}

export function createServices(): ServiceRegister {
  const services = new Map<string, unknown>()
  return {
    provide: ({ id }, service) => void services.set(id, service),
    get: <Service>({ id }: ServiceKey<Service>): Service => {
      if (!services.has(id)) throw new Error(`the service "${id}" was not started`)
      // What stands under a key was provided with that key.
      return services.get(id) as Service
    },
  }
}
