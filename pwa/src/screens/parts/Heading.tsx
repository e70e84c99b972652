// The heading of a screen: it takes the focus when the screen changes, so that a screen reader starts there.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

let first = true

export function Heading({ children, caption }: { children: ComponentChildren; caption?: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
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
