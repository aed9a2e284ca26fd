// A panel draws through views and keeps state through state.
import { create } from 'zustand' // planted: layer
import { useStore } from 'zustand/react' // planted: layer
import { select } from 'd3' // planted: layer
import { useState } from 'react'
import { Button } from 'react-aria-components'
export const used = [create, useStore, select, useState, Button]
