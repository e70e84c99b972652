// A push service for the benchmark: HTTP/2 and 1.1 over TLS, takes everything, and says how much on GET.
const {readFileSync} = require('fs')
const {createSecureServer} = require('http2')
const [, , port, certificate, key] = process.argv

let taken = 0
const options = {allowHTTP1: true, cert: readFileSync(certificate), key: readFileSync(key)}
createSecureServer(options, (request, response) => {
  request.resume()
  request.on('end', () => {
    if (request.method === 'POST') taken += 1
    response.statusCode = request.method === 'POST' ? 201 : 200
    response.end(request.method === 'POST' ? '' : String(taken))
  })
}).listen(Number(port), '127.0.0.1')
