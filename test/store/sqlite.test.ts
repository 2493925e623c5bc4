import { sqlite } from '../../src/sqlite.ts'
import { examineStore, examineTransactions } from './contract.ts'
import { openFile, openSqlite } from './sqlite-stage.ts'

const openGiven = () => openSqlite(({ connect }) => sqlite(connect()))
const openOdd = () => openSqlite(({ connect }) => sqlite(connect({ readBigInts: true, returnArrays: true })))

examineStore('sqlite', { open: openFile })
examineTransactions('sqlite', { open: openFile })
examineStore('sqlite on a connection of the app', { open: openGiven })
examineTransactions('sqlite on a connection of the app', { open: openGiven })
examineStore('sqlite on a connection that gives big integers and arrays', { open: openOdd })
examineTransactions('sqlite on a connection that gives big integers and arrays', { open: openOdd })
