import { sqlite } from '../../src/sqlite.ts'
import { examineStore, examineTransactions } from './contract.ts'
import { openFile, openSqlite } from './sqlite-stage.ts'

const openGiven = () => openSqlite(({ connect }) => sqlite(connect()))

examineStore('sqlite', { open: openFile })
examineTransactions('sqlite', { open: openFile })
examineStore('sqlite on a connection of the app', { open: openGiven })
examineTransactions('sqlite on a connection of the app', { open: openGiven })
