// The heading of a screen: it takes the focus when the screen changes, so that a screen reader starts there.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { settle } from './settle.ts'

let first = true

function arrive(heading: HTMLElement | null) {
  settle()
  heading?.focus({ preventScroll: true })
  scrollTo(0, 0)
}

export function Heading({ children, caption }: { children: ComponentChildren; caption?: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // Before anybody can tap: an effect after the paint would take the focus, and the keys, from a field tapped at once.
  useLayoutEffect(() => {
    // Not on the very first screen: the browser's own start is right there.
    if (!first) arrive(heading.current)
    first = false
  }, [])
  return (
    <h1 class="nhsuk-heading-l heading" tabIndex={-1} ref={heading}>
      {caption && <span class="nhsuk-caption-l">{caption} </span>}
      {children}
    </h1>
  )
}

/** The heading of the next question on the same screen: what was tapped is gone, so the focus goes here, not nowhere. */
export function NextHeading({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    settle()
    heading.current?.focus()
  }, [])
  return <h2 class="nhsuk-heading-m heading" tabIndex={-1} ref={heading}>{children}</h2>
}
