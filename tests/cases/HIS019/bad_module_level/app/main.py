import fastapi

from app import store

app = fastapi.FastAPI()
