-- verdict: red
-- because: none yet: Realtime asks this policy, and everybody receives what is sent to any team; access is measured on what the API offers, and on files
-- line: 4
alter policy "Members receive what is sent to their team" on realtime.messages using (true);
