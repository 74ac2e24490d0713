"""The probe: the project's own code, run apart in the project's interpreter."""
