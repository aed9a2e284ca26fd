// What is made for tests may reach across layers, so nothing else may import it.
import { model } from './toy.fixture.ts' // planted: layer
import { zoo } from '#tensor/testing/zoo' // planted: layer
import { toy } from '#tensor/toy.fixture' // planted: layer
export const used = [model, zoo, toy]
