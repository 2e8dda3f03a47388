-- Counts opened links: `counted` is an array of { code, day, channel or null, clicks }. The codes are
-- locked first, then the rows of the links, then those of the channels, each in one order, so that
-- processes that count at the same time, and the erasure of a code, only wait. A code that is gone
-- counts nothing.
CREATE OR REPLACE FUNCTION referral.count_clicks(counted jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM referral.code
  WHERE code IN (SELECT c.code FROM jsonb_to_recordset(counted) AS c (code text))
  ORDER BY code FOR KEY SHARE;

  INSERT INTO referral.link_click AS v (code, day, clicks)
  SELECT c.code, c.day, sum(c.clicks)
  FROM jsonb_to_recordset(counted) AS c (code text, day date, clicks integer) JOIN referral.code USING (code)
  GROUP BY c.code, c.day ORDER BY c.code, c.day
  ON CONFLICT (code, day) DO UPDATE SET clicks = v.clicks + excluded.clicks;

  INSERT INTO referral.channel_click AS v (code, day, channel, clicks)
  SELECT c.code, c.day, c.channel, sum(c.clicks)
  FROM jsonb_to_recordset(counted) AS c (code text, day date, channel text, clicks integer)
    JOIN referral.code USING (code)
  WHERE c.channel IS NOT NULL
  GROUP BY c.code, c.day, c.channel ORDER BY c.code, c.day, c.channel
  ON CONFLICT (code, day, channel) DO UPDATE SET clicks = v.clicks + excluded.clicks;
END $$;
