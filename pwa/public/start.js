// Runs before the app, in any browser, and is not built: says so when a browser is too old, and gets a release that
// does not start out of the way. It removes kept files of the app only; what a person wrote is never touched.
(function () {
  var place = document.getElementById('app')
  if (!window.Promise || !window.indexedDB || !('noModule' in document.createElement('script'))) {
    place.textContent =
      'This browser is too old for Meantime. Open this page in a newer browser. ' +
      'Or ask your practitioner for a printed sheet: paper counts too. ' +
      'For urgent help with your mental health, call 111 and choose option 2. If life is at risk, call 999.'
    return
  }
  setTimeout(function () {
    if (document.documentElement.dataset.started || !navigator.onLine || !('serviceWorker' in navigator)) return
    if (sessionStorage.getItem('meantime-recovered')) return
    fetch('/version.json', { cache: 'no-store' }).then(function (answer) {
      if (!answer.ok) return
      sessionStorage.setItem('meantime-recovered', '1')
      return navigator.serviceWorker.getRegistrations()
        .then(function (all) { return Promise.all(all.map(function (one) { return one.unregister() })) })
        .then(function () { return caches.keys() })
        .then(function (names) {
          return Promise.all(names.map(function (name) {
            return name.indexOf('meantime-files-') === 0 ? caches.delete(name) : null
          }))
        })
        .then(function () { location.reload() })
    }).catch(function () {})
  }, 12000)
})()
