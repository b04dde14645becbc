/** What is said about hashes. */
import type { Scenario } from '../differential.ts'

const MANY = Array.from({ length: 150 }, (_, i) => `f${i} v${i}`).join(' ')

export const scenarios: readonly Scenario[] = [
  {
    name: 'fields set, read and deleted',
    lines: `
      HSET h a 1
      HSET h a 2 b 3
      HSET h c
      HSET h c 1 d
      HSET h
      HGET h a
      HGET h none
      HGET none a
      HGET h
      HMGET h a none b
      HMGET none a b
      HMGET h
      HMSET h x 1 y 2
      HMSET h x
      HGETALL h
      HGETALL none
      HKEYS h
      HKEYS none
      HVALS h
      HVALS none
      HLEN h
      HLEN none
      HEXISTS h a
      HEXISTS h none
      HEXISTS none a
      HSTRLEN h a
      HSTRLEN h none
      HSTRLEN none a
      HSETNX h a 9
      HSETNX h new 9
      HSETNX other f v
      HDEL h a none b
      HDEL h
      HDEL none a
      HGETALL h
      HDEL h x y new c
      EXISTS h
      TYPE h
      HSET h "" ""
      HGETALL h
      HSET h "\\x00\\r\\n" "\\xff\\xfe"
      HGETALL h
    `,
  },
  {
    name: 'of another type',
    lines: `
      SET s v
      HSET s f v
      HGET s f
      HMGET s f
      HGETALL s
      HKEYS s
      HVALS s
      HLEN s
      HEXISTS s f
      HSTRLEN s f
      HSETNX s f v
      HDEL s f
      HINCRBY s f 1
      HINCRBYFLOAT s f 1
      HSCAN s 0
      HRANDFIELD s
      HMSET s f v
      GET s
    `,
  },
  {
    name: 'numbers',
    lines: `
      HINCRBY h n 5
      HINCRBY h n -7
      HINCRBY h n abc
      HINCRBY h n
      HINCRBY h n 9223372036854775807
      HINCRBY h n 9223372036854775807
      HSET h n 9223372036854775807
      HINCRBY h n 1
      HSET h n -9223372036854775808
      HINCRBY h n -1
      HSET h n abc
      HINCRBY h n 1
      HINCRBYFLOAT h n 1
      HINCRBYFLOAT h f 10.5
      HINCRBYFLOAT h f 0.1
      HINCRBYFLOAT h f -5.0e3
      HINCRBYFLOAT h f abc
      HINCRBYFLOAT h f nan
      HINCRBYFLOAT h f inf
      HINCRBYFLOAT h f ""
      HGET h f
      HSET h g 3.0e3
      HINCRBYFLOAT h g 200
      HSET h g " 1"
      HINCRBYFLOAT h g 1
      HINCRBY h g 1
      HSET h b 1e308
      HINCRBYFLOAT h b 1e308
    `,
  },
  {
    name: 'HRANDFIELD',
    lines: `
      HRANDFIELD none
      HRANDFIELD none 5
      HRANDFIELD none -5
      HRANDFIELD none 5 WITHVALUES
      HSET h a 1
      HRANDFIELD h
      HRANDFIELD h 5
      HRANDFIELD h -3
      HRANDFIELD h 5 WITHVALUES
      HRANDFIELD h -3 WITHVALUES
      HRANDFIELD h 0
      HRANDFIELD h abc
      HRANDFIELD h 1 NOSUCH
      HRANDFIELD h 1 WITHVALUES x
      HRANDFIELD h 9223372036854775807
      HRANDFIELD h -9223372036854775808
      HRANDFIELD h -9223372036854775807 WITHVALUES
      HRANDFIELD h -4611686018427387905 WITHVALUES
    `,
  },
  {
    name: 'HSCAN',
    lines: `
      HSCAN none 0
      HSET h a 1 b 2 c 3
      HSCAN h 0
      HSCAN h 0 MATCH a*
      HSCAN h 0 COUNT 1
      HSCAN h 0 COUNT 0
      HSCAN h 0 COUNT abc
      HSCAN h 0 MATCH
      HSCAN h 0 NOVALUES
      HSCAN h abc
      HSCAN h -1
      HSCAN h
      HSCAN h 0 TYPE string
      HSCAN h 18446744073709551616
    `,
  },
  {
    name: 'encodings',
    lines: `
      HSET h a 1
      OBJECT ENCODING h
      HSET h b xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      OBJECT ENCODING h
      HSET h c xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      OBJECT ENCODING h
      HDEL h c
      OBJECT ENCODING h
      HSET many ${MANY}
      OBJECT ENCODING many
      HLEN many
      HGETALL many
      HKEYS many
      HVALS many
      HSET wide xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 1
      OBJECT ENCODING wide
      HINCRBYFLOAT num f 1.5
      OBJECT ENCODING num
    `,
  },
]
