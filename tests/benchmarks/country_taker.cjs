// A strict push service for the country: HTTP/2 over TLS, looks at every message, opens one in fifty, counts repeats.
// GET tells {taken, repeats, opened, refused, cpu}: its own processor seconds are no part of what sending costs.
const crypto = require('crypto')
const {readFileSync} = require('fs')
const {createSecureServer} = require('http2')
const [, , port, certificate, key, told] = process.argv
const {origin, publicKey, phones} = JSON.parse(readFileSync(told, 'utf8'))

const OPENED = 50
const HEADERS = {
  'ttl': /^[1-9][0-9]*$/, 'topic': /^[A-Za-z0-9_-]{1,32}$/, 'urgency': /^normal$/,
  'content-encoding': /^aes128gcm$/, 'content-type': /^application\/octet-stream$/,
}
const seen = new Set()
const tokens = new Map()
const count = {taken: 0, repeats: 0, opened: 0, refused: {}}

function trouble(request, body) {
  for (const [name, pattern] of Object.entries(HEADERS)) {
    if (!pattern.test(request.headers[name] ?? '')) return name
  }
  const said = request.headers.authorization ?? ''
  if (!tokens.has(said)) tokens.set(said, signed(said))
  if (!tokens.get(said)) return 'authorization'
  if (body.length > 4096 || body.length < 103 || body.readUInt32BE(16) !== 4096 || body[20] !== 65) return 'body'
  if ((count.taken + 1) % OPENED) return null
  const payload = opened(body, phones[Number(request.url.slice(1)) % phones.length])
  count.opened += 1
  return payload.length % 512 === 0 && JSON.parse(payload).notification.tag ? null : 'payload'
}

function signed(said) { // RFC 8292: for us, not for long, by the key that it names
  const [, token, k] = /^vapid t=([^,]+),\s*k=(.+)$/.exec(said) ?? []
  if (!token || k.replace(/=+$/, '') !== publicKey) return false
  const [head, claims, signature] = token.split('.')
  const {aud, exp, sub} = JSON.parse(Buffer.from(claims, 'base64url'))
  const left = exp - Date.now() / 1000
  const point = Buffer.from(publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map(each => each.toString('base64url'))
  const by = crypto.createPublicKey({key: {kty: 'EC', crv: 'P-256', x, y}, format: 'jwk'})
  return aud === origin && left > 0 && left <= 86400 && /^(mailto|https):/.test(sub)
    && crypto.verify('sha256', Buffer.from(`${head}.${claims}`), {key: by, dsaEncoding: 'ieee-p1363'}, Buffer.from(signature, 'base64url'))
}

function opened(body, phone) { // RFC 8291 3.4, RFC 8188 2
  const [salt, theirs, box] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)]
  const own = crypto.createECDH('prime256v1')
  own.setPrivateKey(Buffer.from(phone.private, 'base64url'))
  const derive = (secret, salted, info, length) => Buffer.from(crypto.hkdfSync('sha256', secret, salted, info, length))
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), theirs])
  const input = derive(own.computeSecret(theirs), Buffer.from(phone.auth, 'base64url'), info, 32)
  const cipher = crypto.createDecipheriv('aes-128-gcm',
    derive(input, salt, 'Content-Encoding: aes128gcm\0', 16), derive(input, salt, 'Content-Encoding: nonce\0', 12))
  cipher.setAuthTag(box.subarray(-16))
  const plain = Buffer.concat([cipher.update(box.subarray(0, -16)), cipher.final()])
  return plain.subarray(0, plain.lastIndexOf(2)).toString()
}

function answer(request, body) {
  let wrong
  try { wrong = trouble(request, body) } catch (error) { wrong = error.name }
  if (wrong) {
    count.refused[wrong] = (count.refused[wrong] ?? 0) + 1
    return 400
  }
  count.taken += 1
  const which = `${request.url} ${request.headers.topic}`
  count.repeats += seen.has(which)
  seen.add(which)
  return 201
}

createSecureServer({allowHTTP1: true, cert: readFileSync(certificate), key: readFileSync(key)}, (request, response) => {
  const parts = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    response.statusCode = request.method === 'POST' ? answer(request, Buffer.concat(parts)) : 200
    const {user, system} = process.cpuUsage()
    response.end(request.method === 'POST' ? '' : JSON.stringify({...count, cpu: (user + system) / 1e6}))
  })
}).listen(Number(port), '127.0.0.1')
