// IndexedDB itself (fake-indexeddb), as a program of its own: each phone has one, on the harness's clock.
// The factory first: the others import each other in a circle.
export { default as FDBFactory } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBFactory.js'
export { default as FDBCursor } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBCursor.js'
export { default as FDBDatabase } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBDatabase.js'
export { default as FDBIndex } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBIndex.js'
export { default as FDBKeyRange } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBKeyRange.js'
export { default as FDBObjectStore } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBObjectStore.js'
export { default as FDBOpenDBRequest } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBOpenDBRequest.js'
export { default as FDBRequest } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBRequest.js'
export { default as FDBTransaction } from '../../../pwa/node_modules/fake-indexeddb/build/esm/FDBTransaction.js'
export { default as FakeEvent } from '../../../pwa/node_modules/fake-indexeddb/build/esm/lib/FakeEvent.js'
export { default as Database } from '../../../pwa/node_modules/fake-indexeddb/build/esm/lib/Database.js'
export { default as ObjectStore } from '../../../pwa/node_modules/fake-indexeddb/build/esm/lib/ObjectStore.js'
