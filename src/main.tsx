import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import { startPage } from './app/start-page.tsx'

startPage(window)
