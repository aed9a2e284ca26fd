// With packed weights; unpacked ones: smollm2.full.test.ts, and the page's own journey.

import { describeSmolLm2 } from '../testing/smollm2-agreement.ts'

describeSmolLm2('packed')
