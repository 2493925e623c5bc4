/**
 * What the store does in the database, as functions: each is one round trip and one transaction, in which every statement
 * sees what others have committed meanwhile. A single statement with parts sees only what was there when it began, and
 * cannot look again.
 *
 * All take locks in the same order, the submission before the session, and wait for one no longer than 1.5 seconds. A
 * write that comes after its `_deadline` (milliseconds since 1970 by the server's clock) is `late` and does nothing.
 * `_again`: the same write was sent before, and its answer was lost. Then what is there tells by the name of the write
 * whether it was done; where that is not to be seen any more the outcome is `unknown`.
 */
export const functions = `
CREATE FUNCTION dewar_clock() RETURNS double precision LANGUAGE sql VOLATILE AS $$
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::double precision
$$;

-- What is committed is on disk, also where the app has traded that for speed.
CREATE FUNCTION dewar_durable() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
END $$;

-- Locks the record of a submission for who completes it. Without an owner it is written at once: whoever else completes
-- the same one waits until this transaction is over.
CREATE FUNCTION dewar_take(_now bigint, _once dewar_once, OUT ours boolean, OUT there dewar_once)
LANGUAGE plpgsql AS $$
BEGIN
  IF _once.owner IS NOT NULL THEN
    SELECT * INTO there FROM dewar_once o WHERE o.key = _once.key AND o.expires_seconds > _now FOR UPDATE;
    ours := FOUND AND there.state = 'running' AND there.owner = _once.owner;
    RETURN;
  END IF;
  LOOP
    SELECT * INTO there FROM dewar_once o WHERE o.key = _once.key AND o.expires_seconds > _now;
    ours := NOT FOUND;
    IF NOT ours THEN RETURN; END IF;
    INSERT INTO dewar_once AS o VALUES
      (_once.key, _once.fingerprint, 'done', '', 0, _once.answer, _once.expires_seconds, _once.written)
    ON CONFLICT (key) DO UPDATE SET
      (fingerprint, state, owner, lease_until_seconds, answer, expires_seconds, written) =
      (excluded.fingerprint, 'done', '', 0, excluded.answer, excluded.expires_seconds, excluded.written)
      WHERE o.expires_seconds <= _now;
    IF FOUND THEN RETURN; END IF; -- else somebody was faster, and may be gone again: look once more
  END LOOP;
END $$;

-- Marks a submission that was claimed as done.
CREATE FUNCTION dewar_complete(_once dewar_once) RETURNS void LANGUAGE sql AS $$
  UPDATE dewar_once SET (fingerprint, state, answer, expires_seconds, written) =
    (_once.fingerprint, 'done', _once.answer, _once.expires_seconds, _once.written)
  WHERE key = _once.key
$$;

-- Locks the row of a session, judges a change by it, and makes the change.
CREATE FUNCTION dewar_write(
  _now bigint, _deadline double precision, _again boolean, _change text, _row dewar_sessions,
  OUT outcome text, OUT there dewar_sessions
) LANGUAGE plpgsql AS $$
DECLARE
  place bigint;
BEGIN
  LOOP
    SELECT * INTO there FROM dewar_sessions s WHERE s.family = _row.family FOR UPDATE;
    outcome := NULL;
    IF there.family IS NULL OR there.expires_seconds <= _now THEN
      IF _change = 'update' THEN outcome := 'gone';
      ELSIF _change = 'create' AND _again THEN outcome := 'unknown'; -- it may have been made, and ended by now
      END IF;
    ELSE
      place := there.version - _row.version;
      IF _again AND _change <> 'end' AND place >= 0 THEN
        IF place >= 8 THEN outcome := 'unknown';
        ELSIF substr(there.recent, place::int * 8 + 1, 8) = _row.recent THEN outcome := 'committed';
        END IF;
      END IF;
      IF outcome IS NULL AND (_change = 'create' OR (_change = 'update' AND place <> -1)) THEN
        outcome := 'conflict';
      END IF;
    END IF;
    IF outcome IS NULL AND dewar_clock() > _deadline THEN outcome := 'late'; END IF;
    IF outcome IS NOT NULL THEN RETURN; END IF;
    outcome := 'committed';
    IF _change = 'end' THEN
      DELETE FROM dewar_sessions WHERE family = _row.family;
      RETURN;
    ELSIF _change = 'update' THEN
      UPDATE dewar_sessions SET
        (version, secret_hash, previous_hash, previous_until_seconds, epoch, user_name, content,
         created_seconds, seen_seconds, expires_seconds, user_agent, address, recent) =
        (_row.version, _row.secret_hash, _row.previous_hash, _row.previous_until_seconds, _row.epoch, _row.user_name,
         _row.content, _row.created_seconds, _row.seen_seconds, _row.expires_seconds, _row.user_agent, _row.address,
         left(_row.recent || there.recent, 64))
      WHERE family = _row.family;
      RETURN;
    END IF;
    DELETE FROM dewar_sessions WHERE family = _row.family AND expires_seconds <= _now;
    INSERT INTO dewar_sessions VALUES (_row.*) ON CONFLICT (family) DO NOTHING;
    IF FOUND THEN RETURN; END IF; -- else somebody was faster: look once more
  END LOOP;
END $$;

CREATE FUNCTION dewar_claim(
  _now bigint, _deadline double precision, _again boolean, _family text, _once dewar_once,
  OUT outcome text, OUT clock double precision, OUT session dewar_sessions, OUT once dewar_once
) LANGUAGE plpgsql SET lock_timeout = '1500ms' AS $$
BEGIN
  PERFORM dewar_durable();
  LOOP
    SELECT * INTO once FROM dewar_once o WHERE o.key = _once.key AND o.expires_seconds > _now;
    IF FOUND AND NOT (once.state = 'running' AND once.lease_until_seconds <= _now
      AND once.fingerprint = _once.fingerprint) THEN
      outcome := CASE WHEN _again AND once.written = _once.written THEN 'mine' ELSE 'theirs' END;
      EXIT;
    END IF;
    IF dewar_clock() > _deadline THEN outcome := 'late'; EXIT; END IF;
    INSERT INTO dewar_once AS o VALUES (_once.*)
    ON CONFLICT (key) DO UPDATE SET
      (fingerprint, state, owner, lease_until_seconds, answer, expires_seconds, written) =
      (excluded.fingerprint, 'running', excluded.owner, excluded.lease_until_seconds,
       CASE WHEN o.expires_seconds > _now THEN '' END, excluded.expires_seconds, excluded.written)
      WHERE o.expires_seconds <= _now
        OR (o.state = 'running' AND o.lease_until_seconds <= _now AND o.fingerprint = excluded.fingerprint)
    RETURNING * INTO once;
    IF FOUND THEN outcome := 'mine'; EXIT; END IF; -- else somebody was faster, and may be gone again: look once more
  END LOOP;
  SELECT * INTO session FROM dewar_sessions s WHERE s.family = _family AND s.expires_seconds > _now;
  clock := dewar_clock();
  IF outcome = 'mine' AND clock > _deadline THEN
    RAISE query_canceled USING MESSAGE = 'The claim had to wait for too long.'; -- which undoes it
  END IF;
END $$;

CREATE FUNCTION dewar_commit(
  _now bigint, _deadline double precision, _again boolean, _change text, _row dewar_sessions, _act text, _once dewar_once,
  OUT outcome text, OUT clock double precision, OUT session dewar_sessions, OUT once dewar_once
) LANGUAGE plpgsql SET lock_timeout = '1500ms' AS $$
DECLARE
  taken record;
  written record;
BEGIN
  PERFORM dewar_durable();
  outcome := 'committed';
  IF _act = 'complete' THEN
    SELECT * INTO taken FROM dewar_take(_now, _once);
    once := taken.there;
    IF NOT taken.ours THEN
      IF NOT (_again AND once.written IS NOT DISTINCT FROM _once.written) THEN outcome := 'lost'; END IF;
      clock := dewar_clock();
      RETURN;
    END IF;
  ELSIF _act = 'release' THEN
    PERFORM FROM dewar_once o WHERE o.key = _once.key FOR UPDATE;
  END IF;
  IF _change IS NOT NULL THEN
    SELECT * INTO written FROM dewar_write(_now, _deadline, _again, _change, _row);
    outcome := written.outcome;
    session := written.there;
  ELSIF dewar_clock() > _deadline THEN
    outcome := 'late';
  END IF;
  IF outcome <> 'committed' THEN
    IF _act = 'complete' AND _once.owner IS NULL THEN
      DELETE FROM dewar_once o WHERE o.key = _once.key; -- that dewar_take has just written
    END IF;
  ELSIF _act = 'complete' AND _once.owner IS NOT NULL THEN
    PERFORM dewar_complete(_once);
  ELSIF _act = 'release' THEN
    DELETE FROM dewar_once o WHERE o.key = _once.key AND o.state = 'running' AND o.owner = _once.owner
      AND o.expires_seconds > _now AND o.answer IS NULL;
    UPDATE dewar_once o SET owner = '', lease_until_seconds = 0
      WHERE o.key = _once.key AND o.state = 'running' AND o.owner = _once.owner AND o.expires_seconds > _now;
  END IF;
  clock := dewar_clock();
END $$;

-- The beginning of an app's transaction: the submission is written, the session's row is locked.
CREATE FUNCTION dewar_enter(
  _now bigint, _deadline double precision, _family text, _once dewar_once,
  OUT outcome text, OUT clock double precision, OUT session dewar_sessions, OUT once dewar_once, OUT transaction text
) LANGUAGE plpgsql SET lock_timeout = '1500ms' AS $$
DECLARE
  taken record;
BEGIN
  outcome := 'entered';
  IF _once.key IS NOT NULL THEN
    SELECT * INTO taken FROM dewar_take(_now, _once);
    once := taken.there;
    IF NOT taken.ours THEN outcome := 'lost';
    ELSIF _once.owner IS NOT NULL THEN PERFORM dewar_complete(_once);
    END IF;
  END IF;
  IF outcome = 'entered' THEN
    SELECT * INTO session FROM dewar_sessions s WHERE s.family = _family AND s.expires_seconds > _now FOR UPDATE;
    IF dewar_clock() > _deadline THEN outcome := 'late'; END IF;
  END IF;
  transaction := pg_current_xact_id()::text;
  clock := dewar_clock();
END $$;

-- Its end, before the COMMIT.
CREATE FUNCTION dewar_leave(
  _now bigint, _transaction text, _change text, _row dewar_sessions, _key text, _answer text,
  OUT outcome text, OUT session dewar_sessions
) LANGUAGE plpgsql SET lock_timeout = '1500ms' AS $$
DECLARE
  written record;
BEGIN
  IF pg_current_xact_id()::text <> _transaction THEN outcome := 'ended'; RETURN; END IF;
  PERFORM dewar_durable();
  outcome := 'committed';
  IF _change IS NOT NULL THEN
    SELECT * INTO written FROM dewar_write(_now, NULL, false, _change, _row);
    outcome := written.outcome;
    session := written.there;
  END IF;
  IF outcome = 'committed' AND _answer IS NOT NULL THEN
    UPDATE dewar_once SET answer = _answer WHERE key = _key;
  END IF;
END $$;

-- Ends the sessions of one kind, at most so many of them, and counts apart those that were not over; those with the
-- smallest names first, so that two who do the same do not lock each other out.
CREATE FUNCTION dewar_revoke(
  _now bigint, _deadline double precision, _family text, _user text, _except text, _most bigint,
  OUT outcome text, OUT clock double precision, OUT ended bigint, OUT removed bigint
) LANGUAGE plpgsql SET lock_timeout = '1500ms' AS $$
DECLARE
  families text[];
BEGIN
  PERFORM dewar_durable();
  IF _family IS NOT NULL THEN
    families := ARRAY(SELECT s.family FROM dewar_sessions s WHERE s.family = _family FOR UPDATE);
  ELSIF _user IS NOT NULL THEN
    families := ARRAY(SELECT s.family FROM dewar_sessions s
      WHERE s.user_name = _user AND s.family IS DISTINCT FROM _except ORDER BY s.family LIMIT _most FOR UPDATE);
  ELSE
    families := ARRAY(SELECT s.family FROM dewar_sessions s ORDER BY s.family LIMIT _most FOR UPDATE);
  END IF;
  outcome := CASE WHEN dewar_clock() > _deadline THEN 'late' ELSE 'revoked' END;
  IF outcome = 'revoked' THEN
    WITH gone AS (DELETE FROM dewar_sessions WHERE family = ANY(families) RETURNING expires_seconds)
    SELECT count(*), count(*) FILTER (WHERE expires_seconds > _now) INTO removed, ended FROM gone;
  END IF;
  clock := dewar_clock();
END $$;

-- Removes what is over, and steps over what somebody is writing.
CREATE FUNCTION dewar_sweep(_most bigint, _now bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  sessions bigint;
  onces bigint;
BEGIN
  DELETE FROM dewar_sessions WHERE family IN (
    SELECT s.family FROM dewar_sessions s WHERE s.expires_seconds <= _now
    ORDER BY s.expires_seconds LIMIT _most FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS sessions = ROW_COUNT;
  DELETE FROM dewar_once WHERE key IN (
    SELECT o.key FROM dewar_once o WHERE o.expires_seconds <= _now
    ORDER BY o.expires_seconds LIMIT _most - sessions FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS onces = ROW_COUNT;
  RETURN sessions + onces;
END $$;
`
