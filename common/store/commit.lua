#!lua name=ipb_@HASH@
-- What Redis runs for the store: the atomic commit, the listing of a subject, the trimming of a partition.
-- The keys and the forms of values are told in redis_store.h and redis_keys.h. No business logic is here, and
-- commit is the throughput ceiling of a Redis server: each redis.call in it is there because it must be.

-- Whether the commit may be made, before anything is written. Nil: yes. Else the answer to give:
-- {'done', revision}, {'repeated', revision, reply} or {'conflict', revision}.
--   keys: 1 subject, 3 history
--   args: 1 expected revision, 2 new revision, 3 history entry or '' if unrecorded, 4 reply field or ''
local function verdict(keys, args)
  local subject, expected, reply_field = keys[1], args[1], args[4]
  local revision, reply
  if reply_field == '' then
    revision = redis.call('HGET', subject, 'm')
  else
    local found = redis.call('HMGET', subject, 'm', reply_field)
    revision, reply = found[1], found[2]
  end
  revision = revision or ''
  if revision ~= expected then
    if revision == args[2] then return {'done', revision} end
    -- Others may have committed since: the entry that made the next counter after `expected` begins with its
    -- commit id, after one byte of length.
    if args[3] ~= '' then
      local counter = tonumber(string.match(expected, '^%d+') or '0')
      local entry = redis.call('LINDEX', keys[3], counter)
      local size = string.byte(args[3]) + 1
      if entry and string.sub(entry, 1, size) == string.sub(args[3], 1, size) then return {'done', args[2]} end
    end
  end
  if reply then return {'repeated', revision, reply} end
  if revision ~= expected then return {'conflict', revision} end
  return nil
end

-- A commit. The fields of the records that are put come first among the pairs.
--   keys: 1 subject, 2 names, 3 history, 4 changes, then one for each index
--   args: 1 to 4 as for verdict, 5 subject's name, 6 change, 7 number of records put, 8 number of pairs,
--         9 number of fields deleted; then the pairs, deleted fields, and for each index the removes' number,
--         the number of adds, the removes, and the adds as pairs of 0 and entry
local function commit(keys, args)
  local answer = verdict(keys, args)
  if answer then return answer end
  local subject = keys[1]
  local last_pair = 9 + 2 * args[8]
  local last_deleted = last_pair + args[9]
  if last_deleted > #args then return redis.error_reply('ERR malformed commit') end
  if last_deleted > last_pair then
    redis.call('HDEL', subject, unpack(args, last_pair + 1, last_deleted))
    redis.call('ZREM', keys[2], unpack(args, last_pair + 1, last_deleted))
  end
  local added = redis.call('HSET', subject, unpack(args, 10, last_pair))
  -- The pairs other than records are new when the subject is, later only the reply.
  -- More new ones than that: a record is among them.
  local puts = tonumber(args[7])
  if puts > 0 then
    local known = 0
    if args[1] == '' then known = args[8] - puts elseif args[4] ~= '' then known = 1 end
    if added > known then
      local names = {}
      for i = 1, puts do
        names[2 * i - 1] = '0'
        names[2 * i] = args[8 + 2 * i]
      end
      redis.call('ZADD', keys[2], unpack(names))
    end
  end
  if args[3] ~= '' then
    redis.call('RPUSH', keys[3], args[3])
    redis.call('XADD', keys[4], '*', args[5], args[6])
  end
  local at = last_deleted
  for i = 5, #keys do
    local removes, adds = tonumber(args[at + 1]), 2 * args[at + 2]
    at = at + 2
    if removes > 0 then redis.call('ZREM', keys[i], unpack(args, at + 1, at + removes)) end
    at = at + removes
    if adds > 0 then redis.call('ZADD', keys[i], unpack(args, at + 1, at + adds)) end
    at = at + adds
  end
  return 1
end

-- The answer that commit would give, writing nothing.
local function check(keys, args)
  return verdict(keys, args) or 1
end

-- Fields and values of records between two bounds of their names.
--   keys: 1 subject, 2 names; args: 1 lowest, 2 highest, 3 limit
local function list(keys, args)
  local fields = redis.call('ZRANGE', keys[2], args[1], args[2], 'BYLEX', 'LIMIT', 0, args[3])
  if #fields == 0 then return {{}, {}} end
  return {fields, redis.call('HMGET', keys[1], unpack(fields))}
end

-- The milliseconds and the number of a position in a stream.
local function parts(id)
  local ms, number = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(number)
end

-- Trims the oldest of one partition. Two marks move along the stream: 'c', up to which changes are dropped,
-- and 'r', up to which replies are cut; entries go when both have passed, as an entry leads to its reply.
--   keys: 1 changes, 2 marks
--   args: 1 last millisecond of changes to drop, 2 last millisecond of replies to cut,
--         3 and 4 how many of each, 5 what stands before a subject in its key
-- Gives the number of changes dropped, of replies cut, and of entries looked at for replies.
local function trim(keys, args)
  local marks = redis.call('HMGET', keys[2], 'c', 'r')
  local dropped_to, cut_to = marks[1] or '0-0', marks[2] or '0-0'
  local dropping = redis.call('XRANGE', keys[1], '(' .. dropped_to, args[1], 'COUNT', args[3])
  local cutting = redis.call('XRANGE', keys[1], '(' .. cut_to, args[2], 'COUNT', args[4])
  local cuts = 0
  for _, entry in ipairs(cutting) do
    local request_key = string.match(entry[2][2], '^%d+ (.+)$')
    if request_key then
      local subject = args[5] .. entry[2][1]
      local reply = redis.call('HGET', subject, 'q' .. request_key)
      local size, rest = string.match(reply or '', '^(%d+) ()')
      if size and #reply >= rest + size then
        redis.call('HSET', subject, 'q' .. request_key, string.sub(reply, 1, rest + size - 1))
        cuts = cuts + 1
      end
    end
  end
  if #dropping > 0 then dropped_to = dropping[#dropping][1] end
  if #cutting > 0 then cut_to = cutting[#cutting][1] end
  if #dropping + #cutting > 0 then
    redis.call('HSET', keys[2], 'c', dropped_to, 'r', cut_to)
    local ms, number = parts(dropped_to)
    local cut_ms, cut_number = parts(cut_to)
    if cut_ms < ms or (cut_ms == ms and cut_number < number) then ms, number = cut_ms, cut_number end
    redis.call('XTRIM', keys[1], 'MINID', string.format('%.0f-%.0f', ms, number + 1))
  end
  return {#dropping, cuts, #cutting}
end

redis.register_function('commit_@HASH@', commit)
redis.register_function{function_name = 'check_@HASH@', callback = check, flags = {'no-writes'}}
redis.register_function{function_name = 'list_@HASH@', callback = list, flags = {'no-writes'}}
redis.register_function('trim_@HASH@', trim)
