-- Less for service_role: it writes no plan.
-- told: service_role could delete all rows of public.plans; now it is refused
revoke delete on table public.plans from service_role;
