const x: string = '__VERSION__'
const y: string[] = ['__FILES__']
self.addEventListener('install', () => console.log(x, y))
