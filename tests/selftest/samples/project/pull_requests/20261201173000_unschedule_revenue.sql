-- verdict: green
-- because: a job taken out of the schedule: no object is dropped
select cron.unschedule('refresh-monthly-revenue');
