import t from 'tap'
import { describeReply } from '../../lib/scripting/reply-description.ts'

t.test('replies of every kind', async (t) => {
  const table: readonly (readonly [string, string])[] = [
    [':12|', '12'],
    ['$3|a"b|', '"a\\"b"'],
    ['$4|a||', '"a\\r\\n\\n"'],
    ['$-1|', 'NULL'],
    ['+OK|', '"+OK"'],
    ['-ERR no|', '"-ERR no"'],
    ['*-1|', 'NULL'],
    ['*0|', '[]'],
    ['*3|:1|$1|a|*1|$-1|', '[1,"a",[NULL]]'],
    ['~2|:1|:2|', '~(1,2)'],
    ['~0|', '~()'],
    ['%1|$1|f|*1|:1|', '{"f" => [1]}'],
    ['%2|:1|:2|:3|:4|', '{1 => 2,3 => 4}'],
    ['_|', '(null)'],
    ['#t|', '#true'],
    ['#f|', '#false'],
    [',1.5|', '(double) 1.5'],
    ['=8|txt:text|', ''],
    ['', ''],
  ]
  for (const [text, shown] of table) {
    const reply = text === '$4|a||' ? '$4\r\na\r\n\n\r\n' : text.replaceAll('|', '\r\n')
    t.equal(describeReply(reply), shown, text)
  }
})
