// Tells people on a browser from before modules what they can do. Written for such browsers, and not built.
(function () {
  if (window.Promise && window.indexedDB && 'noModule' in document.createElement('script')) return
  document.getElementById('app').textContent =
    'This browser is too old for Meantime. Open this page in a newer browser. ' +
    'Or ask your practitioner for a printed sheet: paper counts too. ' +
    'For urgent help with your mental health, call 111 and choose option 2. If life is at risk, call 999.'
})()
