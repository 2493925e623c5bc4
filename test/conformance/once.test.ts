import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Answer, get, jsonOf, post, sessionOf, userOf } from './asking.ts'
import { keepers, type OpenKeeper } from './keepers.ts'
import { type Started, startApp } from './started.ts'

/** A form as its visitor has it: the cookie that came with it, and its token. */
interface Shown {
  readonly cookie: string
  readonly token: string
}

// /form   <form method="post" action="/pay"><input type="hidden" name="_token" value="…">
//         <input type="number" name="amount"><button>Pay</button></form>
async function show(url: string, cookie = ''): Promise<Shown> {
  const { text, cookies } = await get(url, cookie)
  return { token: tokenIn(text), cookie: cookies[0]?.split(';')[0] ?? cookie }
}

function tokenIn(html: string): string {
  return /name="_token" value="([^"]+)"/.exec(html)?.[1] ?? assert.fail(html)
}

function newest({ cookies }: Answer, cookie: string): string {
  return cookies[0]?.split(';')[0] ?? cookie
}

for (const keeper of keepers) {
  describe(`a payment that is made once, with sessions in ${keeper.name}`, { skip: keeper.skip }, () => {
    let open: OpenKeeper
    let apps: Started[] = []
    let one = ''
    let other = ''

    before(async () => {
      open = await keeper.open()
      for (let made = 0; made < keeper.processes; made++) apps.push(await startApp({ DEWAR_STORE: open.address }))
      one = apps[0]?.url ?? ''
      other = apps.at(-1)?.url ?? ''
    })
    after(async () => {
      for (const app of apps) await app.stop()
      apps = []
      await open?.close()
    })

    const count = async (): Promise<number> => Number((await get(`${one}/count`)).text)
    const pay = (origin: string, { token, cookie }: Shown, fields = { amount: '5' }, query = ''): Promise<Answer> =>
      post(`${origin}/pay${query}`, { ...fields, _token: token }, cookie)

    it('is one however often the same form is sent: at once, to both processes, and afterwards', async () => {
      const [shown, paid] = [await show(`${one}/form`), await count()]
      const sent = Array.from({ length: 12 }, (_, n) =>
        pay(n % 2 === 0 ? one : other, shown, { amount: '5' }, '?ms=20'),
      )
      const answers = [...(await Promise.all(sent)), await pay(one, shown), await pay(other, shown)]
      assert.deepEqual(
        new Set(answers.map(({ status, location }) => `${status} ${location}`)),
        new Set([`303 /receipt/${paid + 1}`]),
      )
      assert.equal(await count(), paid + 1)
      // Each answer tells the visitor their session, or they have it: whichever the browser keeps, it is the same.
      const cookies = new Set(answers.flatMap(({ cookies }) => cookies.map((cookie) => cookie.split(';')[0] ?? '')))
      assert.equal(cookies.size, 1)
      for (const cookie of cookies) assert.deepEqual(await sessionOf(other, cookie), { receipts: [paid + 1] })
    })

    it('is answered the same after Back, with the session of now', async () => {
      const shown = await show(`${one}/form`)
      const first = await pay(one, shown)
      const again = await pay(other, { ...shown, cookie: newest(first, shown.cookie) })
      assert.deepEqual([again.status, again.location], [303, first.location])
      assert.equal(await userOf(one, newest(again, newest(first, ''))), null)
    })

    it('whose answer got lost on the way is answered again with the session that it began', async () => {
      const shown = await show(`${one}/form`)
      const lost = await pay(one, shown)
      const again = await pay(other, shown)
      assert.deepEqual([again.status, again.location], [303, lost.location])
      assert.equal(newest(again, ''), newest(lost, ''))
    })

    it('at the same time as others of its session leaves them all in it', async () => {
      const { cookie } = await show(`${one}/form`)
      const known = newest(await post(`${one}/put`, { k: 'name', v: 'Ann' }, cookie), cookie)
      const shown = await Promise.all(Array.from({ length: 6 }, () => show(`${one}/form`, known)))
      const paid = await Promise.all(
        shown.map((form, n) => pay(n % 2 === 0 ? one : other, form, { amount: '5' }, '?ms=100')),
      )
      const { receipts } = await sessionOf(other, known)
      const due = paid.map(({ location }) => Number(location?.slice('/receipt/'.length)))
      assert.ok(Array.isArray(receipts))
      assert.deepEqual(new Set(receipts), new Set(due))
      assert.equal(receipts.length, 6)
    })

    it('at the same time as another of a visitor who had no session leaves both in the one that they get', async () => {
      const shown = await show(`${one}/form`)
      const forms = [shown, await show(`${one}/form`, shown.cookie)]
      const sent = forms.map((form, n) => pay(n === 0 ? one : other, form, { amount: '5' }, '?ms=1500'))
      const answers = await Promise.all(sent)
      const due = answers.map(({ location }) => Number(location?.slice('/receipt/'.length)))
      const cookies = answers.flatMap((answer) => answer.cookies)
      assert.equal(cookies.length, 1, 'one of them says which session it is')
      const { receipts } = await sessionOf(other, cookies[0]?.split(';')[0] ?? '')
      assert.ok(Array.isArray(receipts))
      assert.deepEqual([...receipts].sort(), due.sort())
    })

    it('is asked about when another amount is sent from the same form, and made when that is meant', async () => {
      const shown = await show(`${one}/form`)
      const first = await pay(one, shown)
      const [cookie, paid] = [newest(first, shown.cookie), await count()]
      const asked = await pay(other, { ...shown, cookie }, { amount: '7' })
      assert.equal(asked.status, 422)
      assert.match(asked.text, /This form was sent before, with something else written in it\./)
      assert.match(asked.text, new RegExp(`<a href="${first.location}">See what came of it</a>`))
      assert.match(asked.text, /name="amount"[^>]*value="7"/)
      assert.equal(await count(), paid)
      const meant = await pay(one, { cookie, token: tokenIn(asked.text) }, { amount: '7' })
      assert.deepEqual([meant.status, await count()], [303, paid + 1])
    })

    it('that fails before or after its effect is not made, and the same form makes it afterwards', async () => {
      const [shown, paid] = [await show(`${one}/form`), await count()]
      for (const at of ['before', 'after'])
        assert.equal((await pay(one, shown, { amount: '5' }, `?at=${at}`)).status, 500)
      assert.equal(await count(), paid)
      assert.equal((await pay(other, shown)).status, 303)
      assert.equal(await count(), paid + 1)
      for (const app of apps) app.takeLog()
    })

    it('that was refused is the same form still: corrected and made, it is not made again from the first copy', async () => {
      const [shown, paid] = [await show(`${one}/form`), await count()]
      const refused = await pay(one, shown, { amount: '0' })
      assert.deepEqual([refused.status, tokenIn(refused.text)], [422, shown.token])
      const made = await pay(other, shown, { amount: '6' })
      assert.equal(made.status, 303)
      const cookie = newest(made, shown.cookie)
      assert.equal((await pay(one, { ...shown, cookie }, { amount: '8' })).status, 422)
      assert.equal(await count(), paid + 1)
    })

    it('is not made without a token, with another visitor’s, or with one of another form; the form comes again', async () => {
      const [mine, theirs] = [await show(`${one}/form`), await show(`${one}/form`)]
      const first = await pay(one, theirs)
      const paid = await count()
      const elsewhere = await show(`${one}/login`, mine.cookie)
      for (const token of ['', theirs.token, elsewhere.token, `${mine.token.slice(0, -1)}A`]) {
        const answer = await pay(one, { ...mine, token })
        assert.equal(answer.status, 422, token)
        assert.doesNotMatch(answer.text, new RegExp(String(first.location)))
        assert.notEqual(tokenIn(answer.text), token)
      }
      assert.equal(await count(), paid)
    })

    it('with the token that somebody else has made up a cookie for is answered to nobody', async () => {
      const shown = await show(`${one}/form`)
      const first = await pay(one, shown)
      const [name] = shown.cookie.split('.')
      const forged = { ...shown, cookie: `${name}.${'a'.repeat(32)}` }
      const answer = await pay(other, forged)
      assert.equal(answer.status, 422)
      assert.doesNotMatch(answer.text, new RegExp(String(first.location)))
    })

    it('leaves a login that is sent twice, with the old cookie and with the new one, signed in once', async () => {
      const shown = await show(`${one}/login`)
      const fields = { user: `eve-${keeper.name}`, password: 'x', _token: shown.token }
      const first = await post(`${one}/login`, fields, shown.cookie)
      const cookie = newest(first, '')
      for (const sent of [shown.cookie, cookie]) {
        const again = await post(`${other}/login`, fields, sent)
        assert.deepEqual([again.status, again.location], [303, first.location])
        assert.equal(newest(again, ''), cookie)
      }
      const devices = await jsonOf<unknown[]>(`${one}/devices`, cookie)
      assert.equal(devices.length, 1)
      const stranger = await show(`${one}/login`)
      assert.notEqual((await post(`${one}/login`, fields, stranger.cookie)).status, 303)
    })

    it('is void after a login: the form comes again', async () => {
      const shown = await show(`${one}/form`)
      const login = await show(`${one}/login`, shown.cookie)
      const signedIn = await post(`${one}/login`, { user: 'zoe', password: 'x', _token: login.token }, login.cookie)
      const paid = await count()
      const answer = await pay(other, { ...shown, cookie: newest(signedIn, '') })
      assert.equal(answer.status, 422)
      assert.equal(await count(), paid)
    })
  })
}
