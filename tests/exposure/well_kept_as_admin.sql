-- What a service's own editor does for a project, on tables that are the service's. As supabase_admin.
CREATE POLICY avatars ON storage.objects FOR SELECT USING (bucket_id = 'avatars');
CREATE TRIGGER on_sign_up AFTER INSERT ON auth.users
  FOR EACH ROW EXECUTE FUNCTION private.handle_new_user();
