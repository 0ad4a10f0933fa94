from pydantic import BaseModel, Field


class UserIn(BaseModel):
    email: str = Field(max_length=255)
    full_name: str | None = Field(default=None, max_length=120)
