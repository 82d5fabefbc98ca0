-- Who is on the staff is asked for on pages too, and must not cost a walk through all members.
CREATE INDEX members_on_staff ON members (role) WHERE role <> 'member';
CREATE INDEX appeals_due ON appeals (due_at) WHERE state = 'open';
