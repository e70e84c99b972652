// The heading of a screen: it takes the focus when the screen changes, so that a screen reader starts there.
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { settle } from './settle.ts'

let first = true

export function Heading({ children, caption }: { children: ComponentChildren; caption?: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => { if (!first) settle() }, [])
  useEffect(() => {
    // Not on the very first screen: the browser's own start is right there.
    if (!first) heading.current?.focus({ preventScroll: true })
    if (!first) scrollTo(0, 0)
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
  useLayoutEffect(settle, [])
  useEffect(() => heading.current?.focus(), [])
  return <h2 class="nhsuk-heading-m heading" tabIndex={-1} ref={heading}>{children}</h2>
}
