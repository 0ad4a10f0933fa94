"""The API of the city registry."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import session
from app.models import User
from app.schemas import UserIn, UserOut

app = FastAPI(title="City registry")
Session = Annotated[AsyncSession, Depends(session)]


@app.get("/users", response_model=list[UserOut])
async def list_users(db: Session) -> Sequence[User]:
    rows = await db.scalars(select(User).order_by(User.id))
    return rows.all()


@app.get("/users/{user_id}", response_model=UserOut)
async def show_user(user_id: int, db: Session) -> User:
    user = await db.get(User, user_id)
    if user is None:
        raise HTTPException(404, "Nobody has this number")
    return user


@app.post("/users", response_model=UserOut, status_code=201)
async def add_user(new: UserIn, db: Session) -> User:
    user = User(**new.model_dump())
    db.add(user)
    try:
        await db.commit()
    except IntegrityError as error:
        raise HTTPException(409, "This email is registered already") from error
    await db.refresh(user)
    return user
