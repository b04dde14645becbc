import t from 'tap'
import { EditableString } from '../../lib/data/editable-string.ts'
import { asValue } from '../../lib/data/stored-object.ts'

t.test('a number is kept for its digits, everything else for itself', async (t) => {
  for (const digits of ['0', '-1', '2147483648', '-9007199254740991', '9007199254740991']) {
    t.equal(asValue(Number(digits)), digits)
    t.equal(asValue(digits), digits)
  }
  const object = new EditableString('7')
  t.equal(asValue(object), object)
})
