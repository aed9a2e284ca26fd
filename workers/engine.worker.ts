// The entry of the engine's worker imports only, and nothing imports it: WebKit evaluates an imported worker entry a second time.
import './serve-engine.ts'
