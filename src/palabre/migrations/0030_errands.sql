-- Errands wait in a line of their own: however many letters wait for a slow mail server, duties aren't looked for behind them.
ALTER TABLE duties ADD COLUMN errand boolean NOT NULL DEFAULT false;
UPDATE duties SET errand = true
    WHERE kind IN ('base.mail.send', 'base.erase.erase_files', 'moderation.clocks.hooks.send', 'moderation.domains.lists.fetch.fetch_list');
UPDATE duties SET claimed_at = NULL WHERE last_error IS NOT NULL; -- only what is under a lease has one
DROP INDEX duties_due;
CREATE INDEX duties_due ON duties (errand, run_at) WHERE dead_at IS NULL;
