import { crashExit, main } from './main.js'

// Whoever reads may have read enough: that changes nothing about the verdict. What cannot be written for another reason does.
const output = { isLost: false }
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    output.isLost = true
    process.exitCode = crashExit
  })
const exit = await main(process.argv.slice(2))
process.exitCode = output.isLost ? crashExit : exit
