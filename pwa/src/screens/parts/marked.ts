// Where another language is spoken, what is still in English says so to screen readers: `lang` and `dir` on its element.
import { createElement, Fragment, options, type ComponentChildren, type VNode } from 'preact'
import { ENGLISH_MARK, isMarked, unmarked } from '../../words/speak.ts'

type Props = { [name: string]: unknown; children?: ComponentChildren }
let installed = false

/** From now on every marked text is drawn as English. Installed once, and only where another language is spoken. */
export function markEnglish(): void {
  if (installed) return
  installed = true
  const before = options.vnode
  options.vnode = (vnode) => {
    if (typeof vnode.type === 'string') element(vnode as VNode<Props>)
    else if (vnode.type === Fragment) vnode.props.children = part(vnode.props.children)
    before?.(vnode)
  }
}

function element({ props }: VNode<Props>): void {
  for (const [name, value] of Object.entries(props)) {
    if (name !== 'children' && typeof value === 'string' && value.includes(ENGLISH_MARK)) props[name] = unmarked(value)
  }
  const { children } = props
  const only = Array.isArray(children) ? children.filter(drawn) : [children]
  if (!only.some(isMarked)) return
  if (only.length === 1 && !props.lang) {
    props.lang = 'en'
    props.dir ??= 'ltr'
    props.children = unmarked(only[0] as string)
  } else props.children = part(children)
}

function part(children: ComponentChildren): ComponentChildren {
  if (Array.isArray(children)) return children.map(part)
  if (typeof children !== 'string') return children
  return isMarked(children) ? createElement('span', { lang: 'en', dir: 'ltr' }, unmarked(children)) : unmarked(children)
}

function drawn(child: ComponentChildren): boolean {
  return child !== null && child !== undefined && typeof child !== 'boolean' && child !== ''
}
