-- finds: still at work when the file had had 1 s, and was ended
-- Matches a regular expression that tries everything.
SELECT repeat('a', 500) || 'b' || repeat('a', 499) || 'c' ~ '^(a*)(a*)(a*)(a*)(a*)b\1\2\3\4\5c$';
