CREATE TABLE public.payments (token text);
GRANT INSERT ON public.payments TO service_role;
CREATE FUNCTION public.paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.calculator2_sessions SET payment_status = 'completed' WHERE session_token = NEW.token;
    RETURN NEW;
END $$;
CREATE TRIGGER paid AFTER INSERT ON public.payments FOR EACH ROW EXECUTE FUNCTION public.paid();
