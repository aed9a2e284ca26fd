import { describeSmolLm2 } from '../testing/smollm2-agreement.ts'

describeSmolLm2('float32')
