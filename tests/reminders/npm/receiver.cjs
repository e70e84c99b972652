// The independent receiver on the port that is named: it checks token and keys, and decrypts what it is sent.
const {PushApiModel} = require('web-push-testing/src/PushApiModel')
const WebPushTestingServer = require('web-push-testing/src/server')

new WebPushTestingServer(new PushApiModel(), Number(process.argv[2])).startServer()
