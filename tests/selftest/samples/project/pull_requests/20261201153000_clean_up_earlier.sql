-- verdict: green
-- because: a cron job scheduled anew: the same name replaces it
select cron.schedule('delete-expired-invitations', '45 1 * * *', $$select private.delete_expired_invitations()$$);
