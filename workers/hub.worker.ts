// The entry of the hub's worker imports only, as the engine's does.
import './serve-hub.ts'
