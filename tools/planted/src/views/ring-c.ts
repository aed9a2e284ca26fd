import { a } from '#views/ring-a' // planted: cycle
export const c = () => a
