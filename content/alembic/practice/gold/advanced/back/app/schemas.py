"""What the API takes and gives."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.models import Status


class UserIn(BaseModel):
    email: str = Field(max_length=255, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    full_name: str = Field(default="", max_length=120)


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    full_name: str
    status: Status
    created_at: datetime
