-- verdict: green
-- because: a secret in the vault, whose value each environment sets: the file holds none
select vault.create_secret('to-be-replaced', 'sms_provider_key');
