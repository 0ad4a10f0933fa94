from pydantic import BaseModel, Field


class UserIn(BaseModel):
    email: str = Field(max_length=255)
