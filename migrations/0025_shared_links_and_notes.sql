-- How often the links of a code were opened by each way to share them. Forgotten by age, as
-- referral.link_click, which counts all of them.
CREATE TABLE referral.channel_click (
  code    text NOT NULL
          CONSTRAINT channel_click_belongs_to_a_code REFERENCES referral.code ON DELETE CASCADE,
  day     date NOT NULL,
  channel text NOT NULL CONSTRAINT channel_click_channel_is_a_short_word CHECK (channel ~ '^[a-z]{1,16}$'),
  clicks  integer NOT NULL CONSTRAINT channel_click_count_is_positive CHECK (clicks >= 1),
  PRIMARY KEY (code, day, channel)
) PARTITION BY RANGE (day);
CREATE INDEX channel_click_by_day ON referral.channel_click (day);
CREATE TABLE referral.channel_click_default PARTITION OF referral.channel_click DEFAULT;

-- What a referrer writes about a person they invited. Only they read it.
CREATE TABLE referral.invite_note (
  referral_id uuid PRIMARY KEY
              CONSTRAINT invite_note_belongs_to_a_referral REFERENCES referral.referral ON DELETE CASCADE,
  text        text NOT NULL CONSTRAINT invite_note_has_1_to_80_characters CHECK (char_length(text) BETWEEN 1 AND 80)
);

COMMENT ON COLUMN referral.referral.campaign IS
  'the campaign parameters, channel and landing page of the sign-up; nothing about the person';
