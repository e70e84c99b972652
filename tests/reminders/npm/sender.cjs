// Node's web-push as its documentation shows it, a hundred messages at a time: the peer that our default is measured by.
const webpush = require('web-push')
const {readFileSync} = require('fs')
const [, , file] = process.argv

const {vapid, phones, payload, count} = JSON.parse(readFileSync(file, 'utf8'))
const options = {vapidDetails: vapid, TTL: 60, topic: 'reminder', urgency: 'normal'}
let next = 0
const one = async () => {
  while (next < count) await webpush.sendNotification(phones[next++ % phones.length], payload, options)
}
const [began, worked] = [process.hrtime.bigint(), process.cpuUsage()]
Promise.all(Array.from({length: 100}, one)).then(() => {
  const {user, system} = process.cpuUsage(worked)
  console.log((user + system) / 1e6, Number(process.hrtime.bigint() - began) / 1e9)
})
