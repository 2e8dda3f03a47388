-- What the search for users looks at, without what else a row of the list shows: read of the newest, and by the trigrams.
CREATE VIEW admin.user_words AS SELECT u.id, u.email, u.display_name FROM auth."user" u;
