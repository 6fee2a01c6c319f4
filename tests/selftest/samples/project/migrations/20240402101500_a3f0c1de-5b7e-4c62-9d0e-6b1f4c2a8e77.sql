-- Made in the dashboard, and wrong: everybody who is signed in can rewrite and delete everybody's comments.
-- 20240902090909_fix-comment-policies.sql puts it right.
CREATE POLICY "Enable update for users" ON "public"."comments"
AS PERMISSIVE FOR UPDATE TO authenticated USING (true) WITH CHECK (true);

CREATE POLICY "Enable delete for users" ON "public"."comments"
AS PERMISSIVE FOR DELETE TO authenticated USING (true);
