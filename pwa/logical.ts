// Turns left and right in the built style into the start and the end of a line, so that one style serves both directions.
import type { Plugin, Rule } from 'postcss'

const NAMES: { [physical: string]: string } = {
  left: 'inset-inline-start',
  right: 'inset-inline-end',
  'border-top-left-radius': 'border-start-start-radius',
  'border-top-right-radius': 'border-start-end-radius',
  'border-bottom-left-radius': 'border-end-start-radius',
  'border-bottom-right-radius': 'border-end-end-radius',
}
const SIDED = /^(margin|padding|border)-(left|right)(-width|-style|-color)?$/
const ALL_SIDES = /^(margin|padding|border-width|border-style|border-color)$/
const ENDS: { [side: string]: string } = { left: 'start', right: 'end' }

/** `margin-left: 1px` as `margin-inline-start: 1px`; `text-align: left` as `start`; four different sides as two pairs. */
export function logical(): Plugin {
  return {
    postcssPlugin: 'logical',
    Declaration(declaration) {
      const { prop, value, parent } = declaration
      // A tick or an arrow drawn with borders is a picture: it keeps its shape.
      if (prop.startsWith('border') && /::(before|after)/.test((parent as Rule).selector)) return
      const [, what, side, part = ''] = SIDED.exec(prop) ?? []
      if (what) declaration.prop = `${what}-inline-${ENDS[side!]}${part}`
      else if (NAMES[prop]) declaration.prop = NAMES[prop]
      else if (prop === 'text-align' && ENDS[value]) declaration.value = ENDS[value]
      else if (ALL_SIDES.test(prop)) {
        const sides = value.split(/\s+(?![^(]*\))/)
        if (sides.length !== 4 || sides[1] === sides[3]) return
        const [name, rest] = prop.startsWith('border') ? ['border', prop.slice('border'.length)] : [prop, '']
        declaration.cloneBefore({ prop: `${name}-block${rest}`, value: `${sides[0]} ${sides[2]}` })
        declaration.replaceWith({ prop: `${name}-inline${rest}`, value: `${sides[3]} ${sides[1]}` })
      }
    },
  }
}
