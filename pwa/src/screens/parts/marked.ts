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

/** Round the words, not on their element: a direction of its own would move what stands beside them, like a radio's ring. */
function element({ type, props }: VNode<Props>): void {
  for (const [name, value] of Object.entries(props)) {
    if (name !== 'children' && typeof value === 'string' && value.includes(ENGLISH_MARK)) props[name] = unmarked(value)
  }
  // An option holds nothing but text.
  if (type !== 'option') props.children = part(props.children)
  else if (isMarked(props.children)) {
    props.lang = 'en'
    props.children = unmarked(String(props.children))
  }
}

function part(children: ComponentChildren): ComponentChildren {
  if (Array.isArray(children)) return children.map(part)
  if (typeof children !== 'string') return children
  return isMarked(children) ? createElement('span', { lang: 'en', dir: 'ltr' }, unmarked(children)) : unmarked(children)
}
